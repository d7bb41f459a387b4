// A file of notes is read here, in the browser; only its text goes on, and nothing larger than notes can be.
const MOST = 100000;

export default function ({ data, parentElement, setTriggerValue }) {
  const [input, problem] = ["input", "p"].map((name) => parentElement.querySelector(name));
  parentElement.querySelector("span").textContent = data.texts.open;
  input.onchange = async () => {
    const [file] = input.files;
    if (!file) return;
    problem.textContent = file.size > MOST ? data.texts.large : "";
    if (file.size <= MOST) setTriggerValue("opened", { name: file.name.slice(0, 60), content: await file.text() });
    input.value = "";
  };
}
