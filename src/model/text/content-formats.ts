/** The IANA registry of CoAP content formats: number, and media type with the parameters that distinguish it. */
const table: readonly [number, string][] = [
	[0, 'text/plain;charset=utf-8'],
	[16, 'application/cose; cose-type="cose-encrypt0"'],
	[17, 'application/cose; cose-type="cose-mac0"'],
	[18, 'application/cose; cose-type="cose-sign1"'],
	[21, 'image/gif'],
	[22, 'image/jpeg'],
	[23, 'image/png'],
	[40, 'application/link-format'],
	[41, 'application/xml'],
	[42, 'application/octet-stream'],
	[47, 'application/exi'],
	[50, 'application/json'],
	[51, 'application/json-patch+json'],
	[52, 'application/merge-patch+json'],
	[60, 'application/cbor'],
	[61, 'application/cwt'],
	[62, 'application/multipart-core'],
	[63, 'application/cbor-seq'],
	[64, 'application/link-format+cbor'],
	[65, 'application/link-format+json'],
	[96, 'application/cose; cose-type="cose-encrypt"'],
	[97, 'application/cose; cose-type="cose-mac"'],
	[98, 'application/cose; cose-type="cose-sign"'],
	[101, 'application/cose-key'],
	[102, 'application/cose-key-set'],
	[110, 'application/senml+json'],
	[111, 'application/sensml+json'],
	[112, 'application/senml+cbor'],
	[113, 'application/sensml+cbor'],
	[114, 'application/senml-exi'],
	[310, 'application/senml+xml'],
	[311, 'application/sensml+xml'],
	[320, 'application/senml-etch+json'],
	[322, 'application/senml-etch+cbor'],
	[432, 'application/td+json'],
	[10_000, 'application/vnd.ocf+cbor'],
	[11_542, 'application/vnd.oma.lwm2m+tlv'],
	[11_543, 'application/vnd.oma.lwm2m+json'],
	[11_544, 'application/vnd.oma.lwm2m+cbor'],
];
const byNumber = new Map(table);

/** Suggestions for a form, most common first. */
export const formatNames: readonly string[] = [
	'application/json',
	'text/plain',
	'application/cbor',
	'application/senml+json',
	'application/senml+cbor',
	'application/link-format',
	'application/octet-stream',
	'application/json-patch+json',
	'application/merge-patch+json',
	'application/xml',
];

/** The media type of a number; undefined for a number that is not in the table. */
export const formatName = (number: number): string | undefined => byNumber.get(number);

const essence = (name: string) => name.toLowerCase().replace(/\s+/g, '');

/** The number of "application/cbor", "cbor" or "60"; undefined for an unknown format. */
export function formatNumber(text: string): number | undefined {
	const wanted = essence(text);
	if (/^\d{1,5}$/.test(wanted)) return Number(wanted) <= 65_535 ? Number(wanted) : undefined;
	const whole = table.find(([, name]) => essence(name) === wanted);
	// "text/plain" means text/plain;charset=utf-8, "json" means application/json, and "text" means text/plain.
	const start = table.find(([, name]) => essence(name).split(';')[0] === wanted);
	const short = table.find(([, name]) => essence(name) === `application/${wanted}`);
	return (whole ?? start ?? short)?.[0] ?? (wanted === 'text' ? 0 : undefined);
}
