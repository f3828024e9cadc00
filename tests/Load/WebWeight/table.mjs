// Figures side by side: the first column's, then each other's with how many times the first it is.

const shown = (value, unit) => {
  const digits = unit === "KB" || unit === "ms" ? (value < 100 ? 1 : 0) : unit === "MB" ? 1 : 0;
  return `${value.toFixed(digits)} ${unit}`.trim();
};

export class Table {
  #rows = new Map();

  constructor(columns) {
    this.columns = columns;
  }

  /** Notes what was measured of one. */
  column(name) {
    return (what, value, unit = "", goal = "") => {
      const row = this.#rows.get(what) ?? { unit, goal, values: new Map() };
      row.values.set(name, value);
      this.#rows.set(what, row);
    };
  }

  /** It could not be measured: the others are all the same. */
  failed(column, part, fault) {
    console.error(`${column}, ${part}: ${fault.message.split("\n")[0]}`);
  }

  print() {
    const line = (...cells) => console.log(`| ${cells.join(" | ")} |`);
    line("", ...this.columns, "goal");
    line("---", ...this.columns.map(() => "---"), "---");
    for (const [what, { unit, goal, values }] of this.#rows) {
      const first = values.get(this.columns[0]);
      const cells = this.columns.map((name, at) => {
        const value = values.get(name);
        if (value === undefined) return "–";
        return at === 0 || !first ? shown(value, unit) : `${shown(value, unit)} (${(value / first).toFixed(1)}×)`;
      });
      line(what, ...cells, goal);
    }
  }
}
