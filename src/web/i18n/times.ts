import { locale, t } from "./index.ts";

const minute = 60_000;
const formats = new Map<string, Intl.DateTimeFormat>();

function format(name: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${locale()} ${name}`;
  let made = formats.get(key);
  if (!made) formats.set(key, (made = new Intl.DateTimeFormat(locale(), options)));
  return made;
}

/** Whole days of the calendar from one time to another, whatever the clocks did between. */
export function daysBetween(from: number, to: number): number {
  const a = new Date(from);
  const b = new Date(to);
  return Math.round(
    (Date.UTC(b.getFullYear(), b.getMonth(), b.getDate()) -
      Date.UTC(a.getFullYear(), a.getMonth(), a.getDate())) /
      86_400_000,
  );
}

/** "15:42", "05:42"; where people count to twelve "5:42 am" */
export function clock(at: number): string {
  return format("clock", { timeStyle: "short" }).format(at);
}

/** For a list: the time today, "Yesterday", the weekday in the last week, else a short date. */
export function brief(at: number, now: number): string {
  const days = daysBetween(at, now);
  if (days <= 0) return clock(at);
  if (days === 1) return t("time.yesterday");
  if (days < 7) return format("weekday", { weekday: "short" }).format(at);
  return format("short", { day: "2-digit", month: "2-digit", year: "2-digit" }).format(at);
}

/** For a line between days: "Today", "Yesterday", "Monday", "3 May", "3 May 2024". */
export function day(at: number, now: number): string {
  const days = daysBetween(at, now);
  if (days === 0) return t("time.today");
  if (days === 1) return t("time.yesterday");
  if (days > 1 && days < 7) return format("long weekday", { weekday: "long" }).format(at);
  const sameYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  return sameYear
    ? format("day", { weekday: "short", day: "numeric", month: "long" }).format(at)
    : format("day of year", { day: "numeric", month: "long", year: "numeric" }).format(at);
}

/** Date and time in full. */
export function full(at: number): string {
  return format("full", { dateStyle: "full", timeStyle: "short" }).format(at);
}

/** "just now", "5 minutes ago", "2 hours ago", else as a list shows it. */
export function ago(at: number, now: number): string {
  const minutes = Math.floor((now - at) / minute);
  if (minutes < 1) return t("time.now");
  const words = new Intl.RelativeTimeFormat(locale(), { numeric: "always" });
  if (minutes < 60) return words.format(-minutes, "minute");
  if (daysBetween(at, now) === 0) return words.format(-Math.floor(minutes / 60), "hour");
  return brief(at, now);
}

/** "0:14", "1:02:03" */
export function length(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const two = (value: number) => String(value).padStart(2, "0");
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  return hours ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

/** "840 kB", "2.3 MB" */
export function size(bytes: number): string {
  const units = ["byte", "kilobyte", "megabyte", "gigabyte"] as const;
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return new Intl.NumberFormat(locale(), {
    style: "unit",
    unit: units[unit]!,
    unitDisplay: "short",
    maximumFractionDigits: value < 10 && unit > 0 ? 1 : 0,
  }).format(value);
}

/** "Mia, Ben and Oma" */
export function list(names: readonly string[]): string {
  return new Intl.ListFormat(locale(), { type: "conjunction" }).format(names);
}
