// What is pasted from Word or a web page becomes plain Markdown: lists, bold, a line for each row
// of a table. Nothing of it is ever run or loaded: the parser's document is a dead one.
const SKIPPED = "script, style, head, meta, link, title, template, iframe, object, svg, img";
// Would not be heeded, but the content security policy complains of each.
const LOUD = /<style[\s\S]*?<\/style>|\s(?:style|on\w+)\s*=\s*("[^"]*"|'[^']*'|[^\s>]+)/gi;
const WORTH_IT = /<(table|ul|ol|b|strong|h\d)[\s>]/i;
const BLOCKS = new Set(["P", "DIV", "H1", "H2", "H3", "H4", "H5", "H6", "UL", "OL", "TABLE", "TBODY", "THEAD"]);

const oneLine = text => text.replace(/\s+/g, " ").trim();

function inside(node) {
  return [...node.childNodes].map(written).join("");
}

function written(node) {
  if (node.nodeType === Node.TEXT_NODE) return node.data.replace(/\s+/g, " ");
  if (node.nodeType !== Node.ELEMENT_NODE) return "";
  switch (node.tagName) {
    case "BR": return "\n";
    case "TR": return `- ${[...node.cells].map(cell => oneLine(inside(cell))).join(" | ")}\n`;
    case "LI": return `${mark(node)} ${oneLine(inside(node))}\n`;
    case "B": case "STRONG": return oneLine(inside(node)) ? `**${oneLine(inside(node))}**` : " ";
    default: return BLOCKS.has(node.tagName) ? `\n${inside(node)}\n` : inside(node);
  }
}

function mark(item) {
  if (item.parentElement.tagName !== "OL") return "-";
  return `${[...item.parentElement.children].indexOf(item) + 1}.`;
}

function markdown(html) {
  const { body } = new DOMParser().parseFromString(html.replace(LOUD, ""), "text/html");
  body.querySelectorAll(SKIPPED).forEach(node => node.remove());
  return inside(body).replace(/[ \t]*\n[ \t]*/g, "\n").replace(/\n{3,}/g, "\n\n").trim();
}

document.addEventListener("paste", event => {
  const area = event.target;
  const html = event.clipboardData.getData("text/html");
  if (area.tagName !== "TEXTAREA" || !WORTH_IT.test(html)) return;
  event.preventDefault();
  area.setRangeText(markdown(html), area.selectionStart, area.selectionEnd, "end");
  area.dispatchEvent(new Event("input", { bubbles: true }));
});
