// Where the server under test is, and how a case is changed behind its back, as
// another server on the same database would.
export const url = `${process.env.JISI_URL}/graphql`;
export const productionURL = `${process.env.JISI_PRODUCTION_URL}/graphql`;
export const socketURL = url.replace(/^http/, "ws");

// The documented records have this many cases; see data/records.
export const documentedCases = 19;

// change writes a made-up case, published, at county level.
export async function change(slug, title) {
  const response = await fetch(process.env.JISI_CHANGE_URL, { method: "POST", body: JSON.stringify({ slug, title }) });
  if (!response.ok) throw new Error(`the case was not written: ${await response.text()}`);
}

// until changes the case again and again, since a client cannot say when its
// subscription has begun, until the promise gives what it waits for.
export async function until(promise, slug) {
  let done = false;
  const settled = promise.finally(() => (done = true));
  for (let n = 1; !done; n++) {
    await change(slug, `第 ${n} 版`);
    await Promise.race([settled.catch(() => {}), new Promise((resolve) => setTimeout(resolve, 200))]);
  }
  return settled;
}

// authorization is an editor's, who writes drafts for its committee.
export const authorization = `Bearer ${process.env.JISI_TOKEN}`;
