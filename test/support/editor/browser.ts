import { existsSync } from 'node:fs';

const places = [
	'/usr/bin/chromium',
	'/usr/bin/chromium-browser',
	'/usr/bin/google-chrome',
	'/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
	'/Applications/Chromium.app/Contents/MacOS/Chromium',
	'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/** The machine's own Chromium or Chrome; CHROMIUM names another. Throws when there is none. */
export function findBrowser(): string {
	const found = [process.env.CHROMIUM, ...places].find((place) => place && existsSync(place));
	if (!found) throw new Error(`No Chromium found. Install it (Debian: apt-get install chromium), or set CHROMIUM.`);
	return found;
}
