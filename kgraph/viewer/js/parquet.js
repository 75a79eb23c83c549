// A table of texts as Apache Parquet: one row group, plain encoding, no compression, every column required UTF-8 (or double for `confidence`).
// Source: the Parquet format's specification and Thrift's compact protocol.
function parquet(names, rows) {
  const bytes = [];
  const magic = [80, 65, 82, 49];
  const utf8 = new TextEncoder();
  const push = (list, more) => { for (const b of more) list.push(b); };
  push(bytes, magic);
  const isNumber = (name) => name === "confidence";
  const chunks = names.map((name, i) => {
    const values = [];
    for (const row of rows) {
      if (isNumber(name)) push(values, new Uint8Array(new Float64Array([Number(row[i])]).buffer));
      else {
        const text = utf8.encode(row[i]);
        push(values, new Uint8Array(new Uint32Array([text.length]).buffer));
        push(values, text);
      }
    }
    const start = bytes.length;
    const header = thrift([[1, I32, 0], [2, I32, values.length], [3, I32, values.length], [5, STRUCT, [[1, I32, rows.length], [2, I32, 0], [3, I32, 3], [4, I32, 3]]]]);
    push(bytes, header);
    push(bytes, values);
    const size = bytes.length - start;
    const meta = [[1, I32, isNumber(name) ? 5 : 6], [2, LIST, [I32, [0]]], [3, LIST, [BINARY, [name]]], [4, I32, 0], [5, I64, rows.length], [6, I64, size], [7, I64, size], [9, I64, start]];
    return { size, column: [[2, I64, start], [3, STRUCT, meta]] };
  });
  const schema = [[[4, BINARY, "facts"], [5, I32, names.length]], ...names.map((name) => (isNumber(name) ? [[1, I32, 5], [3, I32, 0], [4, BINARY, name]] : [[1, I32, 6], [3, I32, 0], [4, BINARY, name], [6, I32, 0]]))];
  const group = [[1, LIST, [STRUCT, chunks.map((c) => c.column)]], [2, I64, chunks.reduce((sum, c) => sum + c.size, 0)], [3, I64, rows.length]];
  const footer = thrift([[1, I32, 1], [2, LIST, [STRUCT, schema]], [3, I64, rows.length], [4, LIST, [STRUCT, [group]]], [6, BINARY, "kgraph"]]);
  push(bytes, footer);
  push(bytes, new Uint8Array(new Uint32Array([footer.length]).buffer));
  push(bytes, magic);
  return Uint8Array.from(bytes);
}

const [I32, I64, BINARY, LIST, STRUCT] = [5, 6, 8, 9, 12];

// A struct as [field number, type, value] in Thrift's compact protocol.
function thrift(fields) {
  const out = [];
  let last = 0;
  for (const [id, type, value] of fields) {
    out.push(((id - last) << 4) | type);
    last = id;
    thriftValue(out, type, value);
  }
  out.push(0);
  return out;
}

function varint(out, number) {
  let rest = number;
  while (rest > 127) {
    out.push((rest % 128) | 128);
    rest = Math.floor(rest / 128);
  }
  out.push(rest);
}

function thriftValue(out, type, value) {
  if (type === I32 || type === I64) varint(out, 2 * value);
  else if (type === BINARY) {
    const text = new TextEncoder().encode(value);
    varint(out, text.length);
    out.push(...text);
  } else if (type === STRUCT) {
    for (const b of thrift(value)) out.push(b);
  } else {
    const [of, items] = value;
    if (items.length < 15) out.push((items.length << 4) | of);
    else {
      out.push(240 | of);
      varint(out, items.length);
    }
    for (const item of items) thriftValue(out, of, item);
  }
}
