/** What somebody is called who gave no name: `mia@kith.example` is Mia, as the pages of the box call her too. */
export function called(address: string): string {
  const [name = ""] = address.split("@");
  const [first = ""] = name;
  return first.toLocaleUpperCase() + name.slice(first.length);
}
