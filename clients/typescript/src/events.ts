/** One server-sent event. */
export interface Event {
  name: string;
  data: string;
}

/**
 * Reads server-sent events as they come, by the rules of the HTML standard as far
 * as they are used here: names, data of one line or several, comments that keep
 * the line open. An event that the stream ends in the middle of is dropped.
 */
export async function* readEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<Event, void, undefined> {
  let name = "";
  let data: string[] = [];
  for await (const line of readLines(body)) {
    if (line === "") {
      if (name || data.length > 0) yield { name: name || "message", data: data.join("\n") };
      name = "";
      data = [];
    } else if (line.startsWith("event:")) {
      name = value(line);
    } else if (line.startsWith("data:")) {
      data.push(value(line));
    }
  }
}

/** value returns what stands behind a field's colon, one space taken off. */
function value(line: string): string {
  return line.slice(line.indexOf(":") + 1).replace(/^ /, "");
}

async function* readLines(body: ReadableStream<Uint8Array>): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder();
  const reader = body.getReader();
  let rest = "";
  try {
    for (;;) {
      const { done, value: bytes } = await reader.read();
      if (done) return;
      const lines = (rest + decoder.decode(bytes, { stream: true })).split(/\r\n|\n/);
      rest = lines.pop() ?? "";
      yield* lines;
    }
  } finally {
    await reader.cancel();
  }
}
