declare module 'gifenc' {
	type Palette = number[][];
	interface Encoder {
		writeFrame(index: Uint8Array, width: number, height: number, options: { palette: Palette; delay: number }): void;
		finish(): void;
		bytes(): Uint8Array;
	}
	const gifenc: {
		GIFEncoder(): Encoder;
		/** `rgba`: four bytes per pixel. */
		quantize(rgba: Uint8Array, colors: number): Palette;
		applyPalette(rgba: Uint8Array, palette: Palette): Uint8Array;
	};
	export default gifenc;
}

declare module 'pngjs' {
	export const PNG: { sync: { read(png: Uint8Array): { data: Uint8Array; width: number; height: number } } };
}
