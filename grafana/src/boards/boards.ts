import type { Board } from '../blocks/board.ts';
import { homeBoard } from './home.ts';
import { stackBoard } from './stack.ts';

/** Every board; a new one is a file beside this one and a line here. */
export const BOARDS: readonly Board[] = [homeBoard, stackBoard];
