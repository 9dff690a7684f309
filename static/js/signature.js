// A field to sign in with finger, pen or mouse: <div data-signature><input type="hidden" name="signature">…</div>.
// What was drawn goes into the hidden field as the data of an SVG path in a box of 600 by 200. Without this file the name
// that is typed is the signature.
const WIDTH = 600;
const HEIGHT = 200;

for (const box of document.querySelectorAll('[data-signature]')) {
  const [input, canvas, clear] = ['input[type=hidden]', 'canvas', '[data-clear]'].map((part) => box.querySelector(part));
  const ink = canvas.getContext('2d');
  let drawing = false;

  const draw = () => {
    const scale = window.devicePixelRatio || 1;
    const { width } = canvas.getBoundingClientRect();
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round((width * HEIGHT / WIDTH) * scale);
    ink.scale(canvas.width / WIDTH, canvas.height / HEIGHT);
    ink.lineWidth = 3;
    ink.lineCap = ink.lineJoin = 'round';
    ink.strokeStyle = getComputedStyle(canvas).color;
    ink.stroke(new Path2D(input.value));
    clear.disabled = !input.value;
  };
  const at = (event) => {
    const frame = canvas.getBoundingClientRect();
    const inside = (part, most) => Math.round(Math.min(Math.max(part, 0), 1) * most);
    return `${inside((event.clientX - frame.left) / frame.width, WIDTH)} ${inside((event.clientY - frame.top) / frame.height, HEIGHT)}`;
  };
  const add = (command, event) => {
    const point = at(event);
    if (input.value.endsWith(` ${point}`)) return;
    input.value = `${input.value} ${command} ${point}`.trim();
    draw();
  };

  canvas.addEventListener('pointerdown', (event) => {
    if (event.button) return;
    event.preventDefault();
    canvas.setPointerCapture(event.pointerId);
    drawing = true;
    add('M', event);
    input.value += ` L ${at(event)}`; // a dot is a line too
    draw();
  });
  canvas.addEventListener('pointermove', (event) => { if (drawing) add('L', event); });
  for (const end of ['pointerup', 'pointercancel', 'lostpointercapture']) canvas.addEventListener(end, () => { drawing = false; });
  clear.addEventListener('click', () => { input.value = ''; draw(); });
  box.hidden = false;
  addEventListener('resize', draw);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw);
  draw();
}
