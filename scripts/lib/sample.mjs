// What `npm start` makes of the sample folder, shared with the test of a newcomer's first minutes.
import { quietSettings } from './editor.mjs';

/** The extension then shows its view and its walkthrough, as after an installation. */
export const guidedSettings = { ...quietSettings, 'workbench.startupEditor': 'welcomePageInEmptyWorkbench' };

/** The ports of a playground's servers, by server and usual port. */
export function portsOf(servers) {
	return Object.fromEntries(
		servers.flatMap(({ id, usualPort, port, replacedPorts = [] }) => [
			[`${id} ${usualPort}`, port],
			...replacedPorts.map((more) => [`${id} ${more.usual}`, more.port]),
		]),
	);
}

/** The text of the settings with the present ports in place of the earlier ones, which are the usual ones at first. */
export function withPorts(text, ports, earlier = {}) {
	const replaced = new Map(
		Object.entries(ports).map(([name, port]) => [String(earlier[name] ?? name.split(' ')[1]), String(port)]),
	);
	return text.replace(/(?<=\w:\/\/(?:127\.0\.0\.1|localhost):)\d+(?=["/])/g, (port) => replaced.get(port) ?? port);
}
