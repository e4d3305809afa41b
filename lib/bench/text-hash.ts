/** A hash over a sequence of texts: their characters, their order and where each ends. */
export function createTextHash(): {
  add: (text: string) => void;
  finish: () => string;
} {
  let a = 0x811c9dc5;
  let b = 0x9e3779b9;
  const step = (unit: number) => {
    a = Math.imul(a ^ unit, 0x01000193);
    b = Math.imul(b ^ unit, 0x85ebca6b);
    b = (b << 13) | (b >>> 19);
  };
  return {
    add(text) {
      for (let i = 0; i < text.length; i++) step(text.charCodeAt(i));
      step(0x10000 + (text.length & 0xffff));
    },
    finish: () => `${(a >>> 0).toString(16)}-${(b >>> 0).toString(16)}`,
  };
}
