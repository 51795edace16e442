import './page.css';
import { pageStyles } from './styles';

// Adopted, not inline: the page's security policy allows no inline styles.
if (pageStyles.styleSheet) document.adoptedStyleSheets.push(pageStyles.styleSheet);
