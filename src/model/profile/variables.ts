import { fail } from '../../base/failure';

/** Source of the values of variables. */
export interface Variables {
	env(name: string): string | undefined;
	/** Path of the profile's workspace folder, or of the folder with this name. */
	workspaceFolder(name?: string): string | undefined;
}

/** `$${` stands for `${` itself. A name never spans lines. */
const variable = /\$?\$\{([^}\r\n]*)\}/g;

/** Replaces `${env:NAME}`, `${workspaceFolder}` and `${workspaceFolder:name}`. Throws `unset-variable` with its name. */
export function replaceVariables(text: string, variables: Variables): string {
	return text.replace(variable, (whole, inner: string) => {
		if (whole.startsWith('$$')) return whole.slice(1);
		const [kind = '', name] = split(inner);
		if (kind === 'env' && name) return found(variables.env(name), `The environment variable ${name} is not set.`);
		if (kind === 'workspaceFolder')
			return found(
				variables.workspaceFolder(name),
				name
					? `There is no workspace folder "${name}".`
					: `The variable \${workspaceFolder} has no value: no folder is open.`,
			);
		throw fail('unset-variable', `There is no variable ${whole}: there are \${env:NAME} and \${workspaceFolder}.`, {
			final: true,
			remedy: { text: 'Write $${ for a literal ${.' },
		});
	});
}

function split(inner: string): [string, string?] {
	const colon = inner.indexOf(':');
	return colon < 0 ? [inner] : [inner.slice(0, colon), inner.slice(colon + 1)];
}

function found(value: string | undefined, message: string): string {
	if (value === undefined)
		throw fail('unset-variable', message, {
			final: true,
			remedy: { text: 'Set it in the environment that starts the editor, or enter the value in the connection.' },
		});
	return value;
}

/** Names of the environment variables in a text. */
export function environmentNames(text: string): string[] {
	return [...text.matchAll(variable)]
		.filter(([whole]) => !whole.startsWith('$$'))
		.map(([, inner = '']) => split(inner))
		.flatMap(([kind, name]) => (kind === 'env' && name ? [name] : []));
}
