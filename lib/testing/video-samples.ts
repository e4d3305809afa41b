type VideoShape = {
  width: number;
  height: number;
  seconds: number;
  /** Degrees, as phones write them. */
  rotation?: 0 | 90;
};

const TIMESCALE = 1_000;

/**
 * An MP4 that says of itself what it should and has no frames: the heads of the
 * file, without and with the description. `mdat` of any size goes between.
 */
export function makeMp4(
  shape: VideoShape,
  mdatBytes = 8,
): { start: Buffer; end: Buffer } {
  const brands = Buffer.from("isom\0\0\x02\0isomiso2avc1mp41", "latin1");
  const mdat = Buffer.alloc(16);
  // A size of one: the real one follows in 64 bits.
  mdat.writeUInt32BE(1, 0);
  mdat.write("mdat", 4);
  mdat.writeBigUInt64BE(BigInt(mdatBytes + 16), 8);
  return {
    start: Buffer.concat([box("ftyp", brands), mdat]),
    end: movie(shape),
  };
}

function movie({ width, height, seconds, rotation = 0 }: VideoShape): Buffer {
  const duration = Math.round(seconds * TIMESCALE);
  const turned = rotation === 90;
  const matrix = [
    ...[turned ? 0 : 65_536, turned ? 65_536 : 0, 0],
    ...[turned ? -65_536 : 0, turned ? 0 : 65_536, 0],
    ...[0, 0, 0x40000000],
  ];
  const identity = [65_536, 0, 0, 0, 65_536, 0, 0, 0, 0x40000000];
  const visual = Buffer.alloc(78);
  visual.writeUInt16BE(1, 6);
  visual.writeUInt16BE(width, 24);
  visual.writeUInt16BE(height, 26);
  visual.writeUInt32BE(0x480000, 28);
  visual.writeUInt32BE(0x480000, 32);
  visual.writeUInt16BE(1, 40);
  visual.writeUInt16BE(24, 74);
  visual.writeUInt16BE(0xffff, 76);
  const avcC = box(
    "avcC",
    Buffer.from([1, 66, 0, 30, 255, 225, 0, 4, 0x67, 66, 0, 30, 1, 0, 1, 0x68]),
  );
  const samples = box(
    "stbl",
    box("stsd", words(0, 1), box("avc1", visual, avcC)),
    box("stts", words(0, 1, 1, duration)),
    box("stsc", words(0, 1, 1, 1, 1)),
    box("stsz", words(0, 8, 1)),
    box("stco", words(0, 1, 48)),
  );
  const handler = Buffer.from(
    "\0\0\0\0\0\0\0\0vide\0\0\0\0\0\0\0\0\0\0\0\0v\0",
  );
  return box(
    "moov",
    box(
      "mvhd",
      words(0, 0, 0, TIMESCALE, duration, 0x10000, 0x1000000, 0, 0),
      words(...identity, 0, 0, 0, 0, 0, 0, 2),
    ),
    box(
      "trak",
      box(
        "tkhd",
        words(3, 0, 0, 1, 0, duration, 0, 0, 0, 0),
        words(...matrix, width * 65_536, height * 65_536),
      ),
      box(
        "mdia",
        box("mdhd", words(0, 0, 0, TIMESCALE, duration, 0x55c40000)),
        box("hdlr", handler),
        box(
          "minf",
          box("vmhd", words(1, 0, 0)),
          box("dinf", box("dref", words(0, 1), box("url ", words(1)))),
          samples,
        ),
      ),
    ),
  );
}

/** A WebM that says of itself what it should and has no frames. */
export function makeWebm({ width, height, seconds }: VideoShape): Buffer {
  const duration = Buffer.alloc(8);
  duration.writeDoubleBE(seconds * 1_000);
  const info = element(
    "1549a966",
    element("2ad7b1", Buffer.from([0x0f, 0x42, 0x40])),
    element("4489", duration),
  );
  const track = element(
    "ae",
    ...[element("d7", byte(1)), element("73c5", byte(1))],
    ...[element("83", byte(1)), element("86", Buffer.from("V_VP8"))],
    element("e0", element("b0", short(width)), element("ba", short(height))),
  );
  return Buffer.concat([
    element(
      "1a45dfa3",
      ...[element("4286", byte(1)), element("42f7", byte(1))],
      ...[element("42f2", byte(4)), element("42f3", byte(8))],
      element("4282", Buffer.from("webm")),
      ...[element("4287", byte(2)), element("4285", byte(2))],
    ),
    element("18538067", info, element("1654ae6b", track)),
  ]);
}

function box(type: string, ...contents: Buffer[]): Buffer {
  const content = Buffer.concat(contents);
  const head = Buffer.alloc(8);
  head.writeUInt32BE(content.length + 8);
  head.write(type, 4, "latin1");
  return Buffer.concat([head, content]);
}

function words(...values: number[]): Buffer {
  const buffer = Buffer.alloc(values.length * 4);
  values.forEach((value, at) => buffer.writeUInt32BE(value >>> 0, at * 4));
  return buffer;
}

function element(id: string, ...contents: Buffer[]): Buffer {
  const content = Buffer.concat(contents);
  const size = Buffer.alloc(8);
  size.writeBigUInt64BE(BigInt(content.length) | (1n << 56n));
  return Buffer.concat([Buffer.from(id, "hex"), size, content]);
}

function byte(value: number): Buffer {
  return Buffer.from([value]);
}

function short(value: number): Buffer {
  const buffer = Buffer.alloc(2);
  buffer.writeUInt16BE(value);
  return buffer;
}
