// The button that asks the device where it is: only when pressed, once, and rounded to about 10 metres before it leaves
// the browser. Nothing is kept here.
const WAIT_MS = 15000;
const ROUGH_M = 300;
const DENIED = 1, TIMEOUT = 3;

function rounded(degrees) {
  return Math.round(degrees * 1e4) / 1e4;
}

export default function ({ data, parentElement, setTriggerValue }) {
  const button = parentElement.querySelector("button");
  const told = parentElement.querySelector("p");
  const { texts } = data;
  button.textContent = texts.ask;
  const tell = (text) => {
    told.textContent = text;
    button.removeAttribute("aria-disabled");
  };
  button.onclick = () => {
    if (button.getAttribute("aria-disabled")) return;
    if (!navigator.geolocation || !window.isSecureContext) return tell(texts.unavailable);
    button.setAttribute("aria-disabled", "true");
    told.textContent = texts.asking;
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        tell(coords.accuracy > ROUGH_M ? texts.rough.replace("{metres}", Math.round(coords.accuracy / 100) * 100) : texts.found);
        setTriggerValue("found", { longitude: rounded(coords.longitude), latitude: rounded(coords.latitude) });
      },
      ({ code }) => tell(code === DENIED ? texts.denied : code === TIMEOUT ? texts.timeout : texts.unavailable),
      { enableHighAccuracy: true, timeout: WAIT_MS, maximumAge: 0 },
    );
  };
}
