/** What names mean inside of an element (Namespaces in XML 1.0, section 6). */
export interface Scope {
	/** Of names without a prefix. */
	base: string;
	prefixes: ReadonlyMap<string, string>;
}

export const outermost = (base: string): Scope => ({
	base,
	prefixes: new Map([['xml', 'http://www.w3.org/XML/1998/namespace']]),
});

type Attributes = Readonly<Record<string, string | undefined>>;

/**
 * The scope inside of an element with these declarations among its attributes. Undefined: one of them is none, or takes
 * a prefix away, which only XML 1.1 allows.
 */
export function scopeInside(outside: Scope, attributes: Attributes): Scope | undefined {
	let { base } = outside;
	const prefixes = new Map(outside.prefixes);
	for (const [name, value = ''] of Object.entries(attributes)) {
		const uri = value.trim();
		if (name === 'xmlns') base = uri;
		else if (name.startsWith('xmlns:')) {
			const prefix = name.slice(6);
			if (uri === '' || prefix === '' || prefix.includes(':')) return undefined;
			prefixes.set(prefix, uri);
		}
	}
	return { base, prefixes };
}

/** A name with a prefix, resolved; undefined: nothing has declared it, or it is no name. */
export function resolveName(name: string, { prefixes }: Scope): { name: string; ns: string } | undefined {
	const colon = name.indexOf(':');
	const local = name.slice(colon + 1);
	const ns = prefixes.get(name.slice(0, colon));
	return ns === undefined || local === '' || local.includes(':') ? undefined : { name: local, ns };
}

/** The first attribute whose prefix nothing has declared. */
export function unboundAttribute(attributes: Attributes, scope: Scope): string | undefined {
	return Object.keys(attributes).find(
		(name) => name.includes(':') && !name.startsWith('xmlns:') && !resolveName(name, scope),
	);
}
