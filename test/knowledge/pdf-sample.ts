import { deflateSync } from 'node:zlib';

/** A PDF of one page whose content stream is `content`, with whatever filters it was made with. */
export function pdf(content: Buffer | string, entries = ''): Buffer {
  const stream = Buffer.from(content);
  return assembled([
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 5 0 R /Resources << /Font << /F1 4 0 R >> >> >>',
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
    Buffer.concat([
      Buffer.from(`<< /Length ${stream.length} ${entries} >>\nstream\n`),
      stream,
      Buffer.from('\nendstream'),
    ]),
  ]);
}

/** Lines of text: size of its letters, height on the page, what it says. */
export function lines(...all: readonly (readonly [number, number, string])[]): string {
  return all.map(([size, y, text]) => `BT /F1 ${size} Tf 72 ${y} Td (${text}) Tj ET`).join('\n');
}

export function deflated(content: Buffer | string): Buffer {
  return pdf(deflateSync(content, { level: 9 }), '/Filter /FlateDecode');
}

/** A few KB that become 512 MB. */
export function bomb(): Buffer {
  const once = deflateSync(Buffer.alloc(512 * 1024 * 1024, ' '), { level: 9 });
  return pdf(deflateSync(once, { level: 9 }), '/Filter [/FlateDecode /FlateDecode]');
}

function assembled(objects: readonly (string | Buffer)[]): Buffer {
  const parts: Buffer[] = [Buffer.from('%PDF-1.4\n')];
  const offsets: number[] = [];
  let position = parts[0]?.length ?? 0;
  for (const [at, object] of objects.entries()) {
    const written = Buffer.concat([
      Buffer.from(`${at + 1} 0 obj\n`),
      Buffer.from(object),
      Buffer.from('\nendobj\n'),
    ]);
    offsets.push(position);
    parts.push(written);
    position += written.length;
  }
  const table = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  const size = objects.length + 1;
  parts.push(
    Buffer.from(
      `xref\n0 ${size}\n0000000000 65535 f \n${table}trailer\n<< /Size ${size} /Root 1 0 R >>\nstartxref\n${position}\n%%EOF`,
    ),
  );
  return Buffer.concat(parts);
}
