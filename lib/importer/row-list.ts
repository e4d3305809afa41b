/** Numbers that only grow, in 4 bytes each. */
export type NumberList = {
  push: (value: number) => void;
  finish: () => Uint32Array;
};

export function createNumberList(): NumberList {
  let values = new Uint32Array(1_024);
  let length = 0;
  return {
    push(value) {
      if (length === values.length) {
        const larger = new Uint32Array(length * 2);
        larger.set(values);
        values = larger;
      }
      values[length++] = value;
    },
    finish: () => values.slice(0, length),
  };
}

/** Position of a value in numbers that are in order, or -1. */
export function positionIn(sorted: Uint32Array, value: number): number {
  let low = 0;
  let high = sorted.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const found = sorted[middle] as number;
    if (found === value) return middle;
    if (found < value) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}
