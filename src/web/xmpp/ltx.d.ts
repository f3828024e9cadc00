declare module "ltx" {
  export type Node = Element | string;

  export class Element {
    constructor(name: string, attributes?: Record<string, string> | string);
    name: string;
    parent: Element | null;
    attrs: Record<string, string | undefined>;
    children: Node[];
    is(name: string, xmlns?: string): boolean;
    getName(): string;
    getNS(): string | undefined;
    getChild(name: string, xmlns?: string): Element | undefined;
    getChildren(name: string, xmlns?: string): Element[];
    getChildElements(): Element[];
    getChildByAttr(
      attribute: string,
      value: string,
      xmlns?: string,
      recursive?: boolean,
    ): Element | undefined;
    getChildText(name: string, xmlns?: string): string | null;
    getText(): string;
    text(): string;
    append(...nodes: Node[]): void;
    remove(node: Element): void;
    clone(): Element;
    root(): Element;
    toString(): string;
  }

  export function parse(text: string): Element;
}
