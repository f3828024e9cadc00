/**
 * Addresses (RFC 7622) as far as a client needs them: parts, and letters of local part and domain in one case. The server
 * normalises; what it says is compared with what a person typed by way of `bare`.
 */

/** `local@domain` (or the domain alone), in small letters, without the resource. */
export function bare(address: string): string {
  const slash = address.indexOf("/");
  return (slash < 0 ? address : address.slice(0, slash)).toLowerCase();
}

/** The domain, in small letters. */
export function domain(address: string): string {
  const whole = bare(address);
  return whole.slice(whole.indexOf("@") + 1);
}

/** The part before the `@`, in small letters; empty when there is none. */
export function local(address: string): string {
  const whole = bare(address);
  return whole.slice(0, Math.max(0, whole.indexOf("@")));
}

/** The part after the first `/`, as it is; empty when there is none. In a room it is the nickname. */
export function resource(address: string): string {
  const slash = address.indexOf("/");
  return slash < 0 ? "" : address.slice(slash + 1);
}

/** Whether both name the same, resource included. */
export function same(one: string, other: string): boolean {
  return bare(one) === bare(other) && resource(one) === resource(other);
}

// RFC 7622 §3.3.1 with what PRECIS' IdentifierClass leaves out anyway: spaces, controls.
const LOCAL = /^[^\s\p{C}"&'/:<>@]+$/u;
// A label of letters and digits of any language, hyphens inside; or an address in brackets.
const DOMAIN =
  /^(?:(?!-)[\p{L}\p{N}\p{M}-]+(?<!-)(?:\.(?!-)[\p{L}\p{N}\p{M}-]+(?<!-))*\.?|\[[0-9a-f:.]+\])$/u;
const LONGEST_PART = 1023;

/** Whether it can be the address of a person or a room: `local@domain`, nothing more. */
export function valid(bareAddress: string): boolean {
  const at = bareAddress.indexOf("@");
  const parts = [bareAddress.slice(0, Math.max(0, at)), bareAddress.slice(at + 1).toLowerCase()] as const;
  const fits = parts.every((part) => new TextEncoder().encode(part).length <= LONGEST_PART);
  return fits && LOCAL.test(parts[0]) && DOMAIN.test(parts[1]);
}
