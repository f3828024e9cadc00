import { concat } from "./bytes.ts";
import { Unreadable } from "./unreadable.ts";

/** The little of Protocol Buffers that both wire formats use: 32-bit numbers and byte strings in numbered fields. */

type Value = number | Uint8Array;

function varint(number: number): number[] {
  const bytes: number[] = [];
  for (; number > 0x7f; number = Math.floor(number / 128)) bytes.push((number % 128) | 0x80);
  bytes.push(number);
  return bytes;
}

/** Fields in the order given; absent ones are left out. Numbers are whole and below 2^32. */
export function write(fields: readonly (readonly [number: number, value: Value | undefined])[]): Uint8Array {
  return concat(
    ...fields.flatMap(([field, value]) => {
      if (value === undefined) return [];
      if (typeof value === "number") return [Uint8Array.from([field << 3, ...varint(value)])];
      return [Uint8Array.from([(field << 3) | 2, ...varint(value.length)]), value];
    }),
  );
}

/** The fields of one message; the last of each number counts. Throws `Unreadable` for what is cut short or no such message. */
export class Fields {
  readonly #values = new Map<number, Value>();
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    while (this.#at < bytes.length) this.#field();
  }

  number(field: number): number | undefined {
    const value = this.#values.get(field);
    if (value instanceof Uint8Array) throw new Unreadable("broken", `field ${field} is no number`);
    return value;
  }

  bytes(field: number): Uint8Array | undefined {
    const value = this.#values.get(field);
    if (typeof value === "number") throw new Unreadable("broken", `field ${field} is a number`);
    return value;
  }

  needNumber(field: number): number {
    return need(this.number(field), field);
  }

  needBytes(field: number): Uint8Array {
    return need(this.bytes(field), field);
  }

  #field(): void {
    const tag = this.#varint();
    const field = Math.floor(tag / 8);
    switch (tag % 8) {
      case 0:
        this.#values.set(field, this.#varint());
        break;
      case 1:
        this.#take(8);
        break;
      case 2:
        this.#values.set(field, this.#take(this.#varint()).slice());
        break;
      case 5:
        this.#take(4);
        break;
      default:
        throw new Unreadable("broken", "a field of unknown kind");
    }
  }

  #take(length: number): Uint8Array {
    if (length > this.#bytes.length - this.#at) throw new Unreadable("broken", "cut short");
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  #varint(): number {
    let number = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = this.#take(1)[0]!;
      number += (byte & 0x7f) * scale;
      if (number > 0xffff_ffff || scale > 2 ** 28) throw new Unreadable("broken", "a number too large");
      if (byte < 0x80) return number;
    }
  }
}

function need<T>(value: T | undefined, field: number): T {
  if (value === undefined) throw new Unreadable("broken", `field ${field} is missing`);
  return value;
}
