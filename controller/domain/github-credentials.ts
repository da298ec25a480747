/** Who the controller is on GitHub: somebody's token, or an App (in an installation; null: the repository's). */
export type GitHubCredentials =
  | { readonly kind: 'token'; readonly token: string }
  | {
      readonly kind: 'app';
      readonly appId: string;
      /** PEM. */
      readonly privateKey: string;
      readonly installationId: number | null;
    };
