import type * as muc from "../../proto/muc.ts";

/** Of those who are there; a room may invent as many as it likes. */
const OCCUPANTS = 2000;

/** What is known of a group while we are in it; nothing of it is kept. */
export interface Room {
  state: "joining" | "in" | "out";
  problem?: string;
  nick: string;
  self?: muc.Occupant;
  occupants: Map<string, muc.Occupant>;
  /** When it has last said anything. */
  heard: number;
  /** Resolves when it is known whether we are in. */
  entered: Promise<void>;
  settle: () => void;
  redraw?: ReturnType<typeof setTimeout>;
  /** Who belongs to it is being asked for, and is to be asked for once more. */
  counts?: "now" | "again";
}

/** Somebody is there. */
export function present({ occupants }: Room, occupant: muc.Occupant): void {
  if (occupants.size < OCCUPANTS || occupants.has(occupant.nick)) occupants.set(occupant.nick, occupant);
}

export function newRoom(nick: string): Room {
  let settle!: () => void;
  const entered = new Promise<void>((resolve) => (settle = resolve));
  return { state: "joining", nick, occupants: new Map(), heard: Date.now(), entered, settle };
}
