// Multiplies the four figures as they are typed, exactly as the server does; the address keeps them.
const form = document.querySelector("form.figures");
const places = { claims: 0, average: 2, denied: 2, recoverable: 2 };
const most = { claims: 10_000_000n, average: 100_000_000n, denied: 10_000n, recoverable: 10_000n };

// The figure as a whole number of its smallest part; null where it is none or too large.
function read(name) {
  const text = form.elements[name].value.replace(/[$,%\s]/g, "");
  const [, whole, part = ""] = text.match(/^(\d+)(?:\.(\d*))?$/) ?? [];
  if (whole === undefined || part.length > places[name]) return null;
  const value = BigInt(whole + part.padEnd(places[name], "0"));
  return value <= most[name] ? value : null;
}

// A whole number of units, `scale` of which are a hundredth, as 1,234.50.
function written(value, scale) {
  const cents = (2n * value + scale) / (2n * scale);
  const whole = (cents / 100n).toString().replace(/\B(?=(\d{3})+$)/g, ",");
  return `${whole}.${(cents % 100n).toString().padStart(2, "0")}`;
}

function results() {
  const [claims, average, denied, recoverable] = Object.keys(places).map(read);
  if ([claims, average, denied, recoverable].includes(null)) return {};
  const value = claims * denied * average;
  return {
    denied_claims: written(claims * denied, 100n).replace(/\.?0+$/, ""),
    denied_value: `$${written(value, 10_000n)}`,
    recovered: `$${written(value * recoverable, 100_000_000n)}`,
    recovered_a_year: `$${written(value * recoverable * 12n, 100_000_000n)}`,
  };
}

form.addEventListener("input", () => {
  const found = results();
  for (const output of document.querySelectorAll("[data-step]")) {
    output.textContent = found[output.dataset.step] ?? "–";
  }
  if (found.recovered) history.replaceState(null, "", `?${new URLSearchParams(new FormData(form))}`);
});
