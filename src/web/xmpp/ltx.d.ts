declare module "ltx/src/Element.js" {
  export type Node = Element | string;

  export default class Element {
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
    cnode(child: Element): Element;
    t(text: string): Element;
    remove(node: Element): void;
    root(): Element;
    toString(): string;
  }
}
