import './page';
import './toolkit';
import './panel/app';
