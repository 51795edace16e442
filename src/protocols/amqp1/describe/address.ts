const maxAddress = 4096;

/** What is wrong with an address, in a sentence; undefined: nothing. Each server has a form of its own for addresses. */
export function checkAddress(address: string): string | undefined {
	if (address === '') return 'The address is missing.';
	if (new TextEncoder().encode(address).length > maxAddress) return `An address has at most ${maxAddress} bytes.`;
	return undefined;
}
