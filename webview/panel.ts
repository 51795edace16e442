import './base/page';
import './controls/toolkit';
import './panel/app';
