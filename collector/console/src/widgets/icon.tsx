const PATHS = {
  brand: 'M4 7h8M4 12h16M10 17h10',
  services: 'M4 5h7v6H4zM13 13h7v6h-7zM11 8h5v5',
  traces: 'M4 6h9M8 12h10M13 18h7',
  logs: 'M5 6h14M5 10h14M5 14h9M5 18h11',
  metrics: 'M4 19h16M5 15l5-6 4 3 5-7',
  alerts: 'M12 4a5 5 0 0 0-5 5v4l-2 3h14l-2-3V9a5 5 0 0 0-5-5zM10 19.500h4',
  processors: 'M12 3l7 3v5c0 4.500-3 8-7 10-4-2-7-5.500-7-10V6zM9 11.500l2.500 2.500 4-4.500',
  data: 'M4 6.500c0-1.400 3.600-2.500 8-2.500s8 1.100 8 2.500-3.600 2.500-8 2.500-8-1.100-8-2.500zM4 6.500v11c0 1.400 3.600 2.500 8 2.500s8-1.100 8-2.500v-11M4 12c0 1.400 3.600 2.500 8 2.500s8-1.100 8-2.500',
  keys: 'M15 4a5 5 0 1 0 0 10 5 5 0 0 0 0-10zM11.500 12.500L4 20M7 17l2.500 2.500M15.500 8.500v.1',
  people:
    'M9 5a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM3 19c0-3 2.700-5 6-5s6 2 6 5M15 5.500a3 3 0 0 1 0 5.500M17.500 14.500c2 .700 3.500 2.300 3.500 4.500',
  person: 'M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM5 20c0-3.500 3-6 7-6s7 2.500 7 6',
  audit: 'M6 3h12v18H6zM9 8h6M9 12h6M9 16h3',
  send: 'M12 19V6M6 11l6-6 6 6',
  search: 'M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM15.5 15.5L20 20',
  clock: 'M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM12 8v4l3 2',
  refresh: 'M19 8a8 8 0 1 0 1 6M19 3v5h-5',
  pause: 'M9 6v12M15 6v12',
  play: 'M8 5l11 7-11 7z',
  sun: 'M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.4 1.4M17.6 17.6L19 19M5 19l1.4-1.4M17.6 6.4L19 5',
  moon: 'M19 14.5A8 8 0 0 1 9.5 5a7.5 7.5 0 1 0 9.500 9.500z',
  auto: 'M12 4a8 8 0 1 0 0 16zM12 4a8 8 0 0 1 0 16',
  copy: 'M9 9h11v11H9zM5 15H4V4h11v1',
  check: 'M5 12.500l4.500 4.500L19 7.500',
  close: 'M6 6l12 12M18 6L6 18',
  down: 'M6 9l6 6 6-6',
  right: 'M9 6l6 6-6 6',
  left: 'M15 6l-6 6 6 6',
  link: 'M10 14a4 4 0 0 0 6 .5l3-3a4 4 0 0 0-5.700-5.700l-1.500 1.500M14 10a4 4 0 0 0-6-.5l-3 3a4 4 0 0 0 5.700 5.700l1.500-1.500',
  error: 'M12 4l9 16H3zM12 10v4M12 17v.5',
  filter: 'M4 6h16M7 12h10M10 18h4',
} as const;

export type IconName = keyof typeof PATHS;

/** A line drawing in the colour of the text; its meaning is always also in words beside it. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
