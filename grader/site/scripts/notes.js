// What a reader has done, kept in the browser: which lessons are read, and what was predicted.

const STORE = "digits-course";
const page = location.pathname.match(/(?:\d\d_)?([^/]*?)(?:\.html)?$/)[1]; // a lesson by its name: its number may change

function all() {
  try {
    return JSON.parse(localStorage.getItem(STORE) ?? "{}");
  } catch {
    return {};
  }
}

export const noted = (name, where = page) => all()[where]?.[name];

export function note(name, value, where = page) {
  const known = all();
  known[where] = { ...known[where], [name]: value };
  try {
    localStorage.setItem(STORE, JSON.stringify(known));
  } catch {
    // A browser that stores nothing still teaches.
  }
}
