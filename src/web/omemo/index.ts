export { Omemo } from "./omemo.ts";
export type { OmemoEvent, Self, Target, Wire } from "./context.ts";
export type { Decrypted, DecryptOptions, Undecrypted } from "./incoming.ts";
export type { Content, Encrypted, EncryptOptions, NotEncrypted, Skipped, WaitingKey } from "./outgoing.ts";
export type { KeyInfo } from "./keys.ts";
export type { Code } from "./code.ts";
export type { Reason } from "./unreadable.ts";
export { tables } from "./store.ts";
export type { OmemoStore, OmemoTransaction, Rows, Table, Trust } from "./store.ts";
export { MemoryStore } from "./memory.ts";
export { bundleAt, bundleOptions, listNode, listOptions } from "./bundle.ts";
export { parseCode } from "./code.ts";
export { versionOf } from "./xml.ts";
export { versions, type Version } from "./suite.ts";
export {
  decryptFile,
  encryptFile,
  fileUrl,
  parseFile,
  sealedSize,
  type FileKey,
  type SharedFile,
} from "./file.ts";
