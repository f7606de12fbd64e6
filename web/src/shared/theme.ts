// One type scale, one accent colour, light and dark: the console's look, given to Ant Design and to our own styles.
import { theme as antd_theme, type ThemeConfig } from 'antd';
import { createContext, useContext } from 'react';

export type ThemeChoice = 'light' | 'dark' | 'system';
export type ThemeName = 'light' | 'dark';

const font =
  '-apple-system, BlinkMacSystemFont, "Segoe UI", "PingFang SC", "Hiragino Sans GB", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans", Roboto, "Helvetica Neue", Arial, sans-serif';

const shared = {
  fontFamily: font,
  fontSize: 13,
  borderRadius: 6,
  controlHeight: 32,
  wireframe: false,
  motionDurationFast: '0.08s',
  motionDurationMid: '0.12s',
  motionDurationSlow: '0.18s',
};

const components = (track: string): ThemeConfig['components'] => ({
  Segmented: { trackBg: track },
  Button: { primaryShadow: 'none', defaultShadow: 'none', dangerShadow: 'none' },
  Form: { itemMarginBottom: 16, verticalLabelPadding: '0 0 4px' },
});

export function antd_config(name: ThemeName): ThemeConfig {
  if (name === 'dark') {
    return {
      algorithm: antd_theme.darkAlgorithm,
      token: {
        ...shared,
        colorPrimary: '#3fa9ad',
        colorInfo: '#3fa9ad',
        colorLink: '#5fc4c7',
        colorBgBase: '#14181b',
        colorTextBase: '#e6ebed',
        colorBgContainer: '#1b2024',
        colorBgElevated: '#22282d',
        colorBgLayout: '#14181b',
        colorTextPlaceholder: '#8e9aa1',
        colorTextDescription: '#a3afb5',
        colorTextDisabled: '#7b878d',
        colorError: '#ff8a85',
        colorTextLightSolid: '#08191a',
      },
      components: components('#0f1214'),
    };
  }
  return {
    algorithm: antd_theme.defaultAlgorithm,
    token: {
      ...shared,
      colorPrimary: '#0b6e75',
      colorInfo: '#0b6e75',
      colorLink: '#0b6e75',
      colorTextBase: '#1c2529',
      colorBgLayout: '#f5f7f7',
      colorTextPlaceholder: '#66757c',
      colorTextDescription: '#56646b',
      colorTextDisabled: '#77868d',
      colorError: '#c43131',
    },
    components: components('#e6ebeb'),
  };
}

export const ThemeContext = createContext<{
  choice: ThemeChoice;
  name: ThemeName;
  choose: (choice: ThemeChoice) => void;
}>({ choice: 'system', name: 'light', choose: () => undefined });

export function useTheme() {
  return useContext(ThemeContext);
}
