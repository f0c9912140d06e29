(() => {
  const live = document.getElementById("live");
  const source = new EventSource("events");
  source.onmessage = message => {
    for (const [id, text] of Object.entries(JSON.parse(message.data))) {
      if (id === "title") {
        document.title = text;
      } else {
        const part = document.getElementById(id);
        if (part) part.innerHTML = text;
      }
    }
    if (live.textContent !== "Live") live.textContent = "Live";
  };
  source.onerror = () => {
    live.textContent = "Not connected to the gateway: what is shown may be old";
  };
})();
