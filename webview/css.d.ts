/** Bundled by esbuild into the style sheet beside the page's script. */
declare module '*.css';
