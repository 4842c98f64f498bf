import type { RuleContext, RuleDraft } from '../rule-draft';
import { ThreatFeeds } from '../threat-feeds';

const ID = 'ThreatFeeds';

/** Previous attackers are refused until their time is over. */
export function attackers(context: RuleContext): RuleDraft[] {
  const lists = threatFeedsOf(context);

  return lists ? [{ statement: lists.attackers.matches() }] : [];
}

/** Networks that feeds name are refused. */
export function threatFeeds(context: RuleContext): RuleDraft[] {
  const lists = threatFeedsOf(context);

  return lists ? [{ statement: lists.feeds.matches() }] : [];
}

/** Both rules read lists that one function keeps. */
function threatFeedsOf({ settings, scope, at, problems }: RuleContext): ThreatFeeds | undefined {
  const { threatFeeds: feeds, exempt, onlyFrom = [], networksByName, threatFeedLogGroup } = settings;
  if (!feeds) return undefined;
  const defined = scope.node.tryFindChild(ID);
  if (defined instanceof ThreatFeeds) return defined;

  const names = feeds.map(({ name }) => name);
  const wrong = feeds.filter(
    ({ name, url }, index) =>
      !/^[a-z0-9][a-z0-9-]{0,63}$/.test(name) || names.indexOf(name) !== index || !isHttps(url),
  );
  for (const { name, url } of wrong) {
    problems.push({
      code: 'INVALID_FEED',
      at,
      message: `a threat feed needs a name of its own in lower case and an https address, got '${name}' at '${url}'`,
      remedy: "write for example ThreatFeed.lines('partners', 'https://lists.example.com/networks.txt')",
    });
  }

  return new ThreatFeeds(scope, ID, {
    feeds: feeds.filter((feed) => !wrong.includes(feed)),
    exempt: [
      ...exempt.flatMap(({ networks }) => networks),
      ...onlyFrom,
      ...[...networksByName.values()].flat(),
    ],
    ...(threatFeedLogGroup && { logGroup: threatFeedLogGroup }),
  });
}

function isHttps(url: string): boolean {
  return URL.canParse(url) && new URL(url).protocol === 'https:';
}
