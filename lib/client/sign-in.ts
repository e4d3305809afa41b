import { signIn } from "next-auth/react";

/** Signs in with next-auth. Answers nothing when it worked, else a sentence. */
export async function signInWithPassword(input: {
  email: string;
  password: string;
}): Promise<string | undefined> {
  try {
    const reply = await signIn("credentials", { ...input, redirect: false });
    // Without a reply next-auth could not even read its providers.
    return reply?.ok ? undefined : sentenceOf(reply?.error);
  } catch {
    return "The server could not be reached. Check the connection, then try again.";
  }
}

function sentenceOf(error: string | null | undefined): string {
  const [code, seconds] = (error ?? "unavailable").split(":");
  if (code === "CredentialsSignin") {
    return "The e-mail address and the password do not belong together. Check both, then try again.";
  }
  if (code === "rate_limited") {
    const wait = Number(seconds) || 60;
    return wait < 90
      ? `There were too many failed tries. Wait ${wait} seconds, then try again.`
      : `There were too many failed tries. Wait ${Math.ceil(wait / 60)} minutes, then try again.`;
  }
  return "Signing in did not work just now. Try again in a moment; if it stays, tell the administrator the time.";
}
