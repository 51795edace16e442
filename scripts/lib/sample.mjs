// What `npm start` makes of the sample folder, shared with the test of a newcomer's first minutes.
import { quietSettings } from './editor.mjs';

/** The extension then shows its view and its walkthrough, as after an installation. */
export const guidedSettings = { ...quietSettings, 'workbench.startupEditor': 'welcomePageInEmptyWorkbench' };

/** Ports in the settings of the sample folder. */
export const samplePorts = { mqtt: 1883, ws: 9001, coap: 5683 };

/** The text of the settings with the playground's present ports in place of the earlier ones. */
export function withPorts(text, before, ports) {
	return text
		.replaceAll(`mqtt://127.0.0.1:${before.mqtt}"`, `mqtt://127.0.0.1:${ports.mqtt}"`)
		.replaceAll(`ws://127.0.0.1:${before.ws}/`, `ws://127.0.0.1:${ports.ws}/`)
		.replaceAll(`coap://127.0.0.1:${before.coap ?? samplePorts.coap}"`, `coap://127.0.0.1:${ports.coap}"`);
}
