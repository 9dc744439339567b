// A picture as palette and indices: the most frequent colors as they are, every other one as the nearest of them.
async ([base64, most]) => {
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  const image = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
  const canvas = new OffscreenCanvas(image.width, image.height).getContext("2d");
  canvas.drawImage(image, 0, 0);
  const pixels = new Uint32Array(canvas.getImageData(0, 0, image.width, image.height).data.buffer);
  const counts = new Map();
  for (const pixel of pixels) counts.set(pixel, (counts.get(pixel) || 0) + 1);
  const palette = [...counts].sort((a, b) => b[1] - a[1]).slice(0, most).map(([color]) => color);
  const parts = (color) => [color & 255, (color >> 8) & 255, (color >> 16) & 255];
  const rgb = palette.map(parts);
  const nearest = new Map();
  for (const color of counts.keys()) {
    const [r, g, b] = parts(color);
    let best = 0, least = Infinity;
    rgb.forEach(([pr, pg, pb], index) => {
      const distance = (r - pr) ** 2 + (g - pg) ** 2 + (b - pb) ** 2;
      if (distance < least) [best, least] = [index, distance];
    });
    nearest.set(color, best);
  }
  const indices = Uint8Array.from(pixels, (pixel) => nearest.get(pixel));
  let letters = "";
  for (let at = 0; at < indices.length; at += 32768) letters += String.fromCharCode(...indices.subarray(at, at + 32768));
  return { width: image.width, height: image.height, palette: rgb, indices: btoa(letters) };
}
