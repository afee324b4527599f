// Loads the islands. Pages are complete without this file.
const version = new URL(import.meta.url).search;
const module = await import(`/assets/qingdan.js${version}`);
await module.default({ module_or_path: `/assets/qingdan_bg.wasm${version}` });
module.hydrate();
for (const element of document.querySelectorAll("leptos-island")) {
  await module[element.dataset.component]?.(element);
}
document.documentElement.dataset.hydrated = "";
