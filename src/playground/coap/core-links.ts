import type { Resource } from './resource';

/** The link-format document of /.well-known/core, filtered by a query such as rt=temp* (RFC 6690, 4.1). */
export function coreLinks(resources: Iterable<Resource>, query: readonly string[]): string {
	const links: string[] = [];
	for (const { path, attributes, observable } of resources) {
		if (path === '.well-known/core') continue;
		const all = `${attributes}${observable ? ';obs' : ''}`;
		if (query.every((one) => fits(path, all, one))) links.push(`</${path}>;${all}`);
	}
	return links.join(',');
}

function fits(path: string, attributes: string, filter: string): boolean {
	const at = filter.indexOf('=');
	if (at < 0) return true;
	const [name, wanted] = [filter.slice(0, at), filter.slice(at + 1)];
	const values =
		name === 'href'
			? [`/${path}`]
			: attributes
					.split(';')
					.filter((one) => one.startsWith(`${name}=`))
					.flatMap((one) =>
						one
							.slice(name.length + 1)
							.replaceAll('"', '')
							.split(' '),
					);
	const start = wanted.endsWith('*') ? wanted.slice(0, -1) : undefined;
	return values.some((one) => (start === undefined ? one === wanted : one.startsWith(start)));
}
