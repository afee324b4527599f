// Checks a certificate's file on the reader's own device. The module comes when a file is chosen; without a script
// the form beside it does the same on the server.
const version = new URL(import.meta.url).search;
const field = document.getElementById("check-file");
const [input, said] = [field.querySelector("input"), field.querySelector("output")];
input.addEventListener("change", async () => {
  const [file] = input.files;
  if (!file) return;
  const [text, module] = await Promise.all([file.text(), import(`/assets/check.js${version}`)]);
  await module.default({ module_or_path: `/assets/check_bg.wasm${version}` });
  const word = module.check(text, field.dataset.key);
  const number = word === "good" ? `${JSON.parse(JSON.parse(text).certificate.body).number} · ` : "";
  said.textContent = number + field.dataset[word];
});
field.hidden = false;
