export function bytes(count: number): string {
	return `${count.toLocaleString('en-US')} bytes`;
}
