import { describe, expect, test } from "vitest";

import { createAdmission, type AdmissionLimits } from "./admission";

const LIMITS: AdmissionLimits = {
  bytesHeldMax: 100,
  requestsMax: 3,
  runningMax: 2,
  bytesRunningMax: 50,
};

function gate() {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
}

describe("createAdmission", () => {
  test("refuses at once above its number of requests, until one is done", () => {
    const admission = createAdmission(LIMITS);
    const holds = [admission.enter(), admission.enter(), admission.enter()];
    expect(() => admission.enter()).toThrow("Send this one again");
    holds[0]?.release();
    expect(() => admission.enter()).not.toThrow();
  });

  test("refuses bytes above what it may hold, but never a lone request", () => {
    const admission = createAdmission(LIMITS);
    const large = admission.enter();
    large.add(150);
    const second = admission.enter();
    expect(() => second.add(1)).toThrow("Send this one again");
    large.release();
    second.add(90);
    second.add(10);
    const third = admission.enter();
    expect(() => third.add(1)).toThrow("Send this one again");
  });

  test("holds nothing for a request that is answered, though its body still comes", () => {
    const admission = createAdmission(LIMITS);
    const slow = admission.enter();
    slow.add(60);
    slow.release();
    expect(() => slow.add(60)).toThrow("Send this one again");
    const [one, other] = [admission.enter(), admission.enter()];
    one.add(50);
    expect(() => other.add(50)).not.toThrow();
  });

  test("runs as many as fit, the others in order of arrival", async () => {
    const admission = createAdmission(LIMITS);
    const gates = [gate(), gate(), gate(), gate()];
    const started: number[] = [];
    const sizes = [30, 10, 45, 1];
    const works = gates.map(({ opened }, at) =>
      admission.run(sizes[at] ?? 0, async () => {
        started.push(at);
        await opened;
      }),
    );
    expect(started).toEqual([0, 1]);
    gates[1]?.open();
    await works[1];
    // 30 + 45 is too much, and the small one behind it does not overtake.
    expect(started).toEqual([0, 1]);
    gates[0]?.open();
    await works[0];
    await Promise.resolve();
    expect(started).toEqual([0, 1, 2, 3]);
    gates.forEach(({ open }) => open());
    await Promise.all(works);
  });

  test("goes on after work that failed", async () => {
    const admission = createAdmission({ ...LIMITS, runningMax: 1 });
    const failing = admission.run(1, () => Promise.reject(new Error("away")));
    const next = admission.run(1, () => Promise.resolve("done"));
    await expect(failing).rejects.toThrow("away");
    expect(await next).toBe("done");
  });
});
