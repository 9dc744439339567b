/* Exit this page: a cover at once, then a neutral site. Shift three times within five seconds does the same.
   Without this script the link still works. */
(() => {
  const box = document.querySelector(".exit");
  const links = document.querySelectorAll("[data-exit]");
  if (!box || !links.length) return;
  const address = links[0].href;
  const status = document.createElement("span");
  status.className = "visually-hidden";
  status.setAttribute("role", "status");
  const dots = document.createElement("div");
  dots.className = "exit__dots";
  dots.hidden = true;
  dots.setAttribute("aria-hidden", "true");
  dots.append(...[1, 2, 3].map(() => document.createElement("span")));
  box.append(status, dots);

  let presses = 0;
  let alone = false;
  let timer = 0;

  const leave = () => {
    const cover = document.createElement("div");
    cover.className = "exit__cover";
    cover.setAttribute("role", "alert");
    const words = document.createElement("span");
    words.className = "visually-hidden";
    words.textContent = box.dataset.leaving;
    cover.append(words);
    document.documentElement.classList.add("exit-covered");
    document.body.append(cover);
    document.title = "";
    location.href = address;
  };

  const show = (count, words) => {
    presses = count;
    dots.hidden = count === 0;
    [...dots.children].forEach((dot, place) => dot.classList.toggle("on", place < count));
    status.textContent = words;
  };

  const press = () => {
    clearTimeout(timer);
    if (presses === 2) {
      show(3, box.dataset.leaving);
      leave();
      return;
    }
    show(presses + 1, presses === 0 ? box.dataset.more2 : box.dataset.more1);
    timer = setTimeout(() => show(0, box.dataset.over), 5000);
  };

  /* Shift held to type a capital is not a press: only Shift down and up with no other key between counts. */
  document.addEventListener("keydown", (event) => {
    alone = event.key === "Shift" && !event.ctrlKey && !event.altKey && !event.metaKey;
  });
  document.addEventListener("keyup", (event) => {
    if (event.key === "Shift" && alone) press();
    alone = false;
  });
  links.forEach((link) => {
    link.addEventListener("click", (event) => { event.preventDefault(); leave(); });
    link.addEventListener("keydown", (event) => {
      if (event.key === " ") { event.preventDefault(); leave(); }
    });
  });
  /* Back from the neutral site may show a page that the browser kept: ask the server again. */
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
})();
