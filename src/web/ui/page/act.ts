import { useEffect, useRef, useState } from "preact/hooks";
import { reason } from "../text/reason.ts";

/** One thing at a time that is asked of the client, and what came of it. */
export interface Act {
  /** Which one is under way. */
  busy: string | undefined;
  /** Why the last one failed, for a person to read. */
  problem: string | undefined;
  /** True when it is done; false when it failed, and `problem` says why. While one is under way a second is not begun. */
  run(work: () => Promise<unknown>, name?: string): Promise<boolean>;
  clear(): void;
}

export function useAct(): Act {
  const [state, setState] = useState<{ busy?: string; problem?: string }>({});
  const running = useRef(false);
  return {
    busy: state.busy,
    problem: state.problem,
    async run(work, name = "it") {
      if (running.current) return false;
      running.current = true;
      setState({ busy: name });
      try {
        await work();
        setState({});
        return true;
      } catch (error) {
        setState({ problem: reason(error) });
        return false;
      } finally {
        running.current = false;
      }
    },
    clear() {
      setState({});
    },
  };
}

export interface Loaded<T> {
  value: T | undefined;
  problem: string | undefined;
  again(): void;
}

/** Asks when the page is drawn and when `on` changes; an answer that comes too late is dropped, the last one stays meanwhile. */
export function useLoaded<T>(ask: () => Promise<T>, on: readonly unknown[]): Loaded<T> {
  const [state, setState] = useState<{ value?: T; problem?: string }>({});
  const [round, setRound] = useState(0);
  useEffect(() => {
    let wanted = true;
    ask().then(
      (value) => {
        if (wanted) setState({ value });
      },
      (error: unknown) => {
        if (wanted) setState({ problem: reason(error) });
      },
    );
    return () => {
      wanted = false;
    };
  }, [...on, round]);
  return {
    value: state.value,
    problem: state.problem,
    again: () => {
      setRound(round + 1);
    },
  };
}

/** A value that follows another once that has been still for a moment. */
export function useSettled<T>(value: T, delay: number): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(setSettled, delay, value);
    return () => {
      clearTimeout(timer);
    };
  }, [value, delay]);
  return settled;
}
