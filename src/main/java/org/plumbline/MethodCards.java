package org.plumbline;

import java.util.List;

/** What there is to know of each method, for the page of the site that lists them. */
final class MethodCards {
  /** Of the reward model, by {@code reward.loss}. */
  static final List<MethodCard> REWARD =
      List.of(
          new MethodCard(
              "bradley-terry",
              "Bradley-Terry",
              "-p log s(r_c - r_r) - (1 - p) log s(r_r - r_c), plus centering (r_c + r_r)^2",
              "2203.02155, eq. 1; 2312.09244",
              "a first try",
              "pairs",
              List.of("reward.batch-by", "reward.centering", "reward.cross-prompt-pairs")),
          new MethodCard(
              "plackett-luce",
              "Plackett-Luce",
              "-sum over k of log(e^r_k / sum over j >= k of e^r_j), the best response first",
              "Plackett 1975; Luce 1959",
              "rankings of three responses or more",
              "pairs that make rankings",
              List.of("reward.batch-by")),
          new MethodCard(
              "binary",
              "Binary",
              "-p log s(r) - (1 - p) log s(-r)",
              "2110.14168",
              "yes or no on single responses; scores with a zero",
              "single responses",
              List.of()),
          new MethodCard(
              "regression",
              "Regression on ratings",
              "(r - z)^2, z being the calibrated rating",
              "2406.08673; 2310.05344",
              "ratings, also where each prompt has one response; scores in standard deviations of a rating",
              "rated responses",
              List.of()));

  /** Methods that learn from what completions earn. */
  static final List<MethodCard> REINFORCEMENT =
      List.of(
          new MethodCard(
              "ppo",
              "PPO",
              "max(-A ratio, -A clip(ratio)), A by generalised advantages of a critic",
              "1707.06347; 1506.02438",
              "rewards that come late; a critic pays for its memory",
              "prompts, and what completions earn",
              List.of("ppo.gamma", "ppo.lam", "ppo.vf-coef", "ppo.critic")),
          new MethodCard(
              "grpo",
              "GRPO",
              "the same, A = (r - mean) / (std + 1e-4) of the prompt's completions",
              "2402.03300",
              "no critic; several completions a prompt",
              "prompts, and what completions earn",
              List.of("ppo.samples-per-prompt")),
          new MethodCard(
              "dr-grpo",
              "Dr. GRPO",
              "the same, A = r - mean; sums over tokens divided by a constant",
              "2503.20783",
              "GRPO without its bias for length and for easy prompts",
              "prompts, and what completions earn",
              List.of("ppo.samples-per-prompt")),
          new MethodCard(
              "rloo",
              "RLOO",
              "the same, A = r less the mean of the prompt's other completions",
              "2402.14740",
              "an unbiased baseline without a critic",
              "prompts, and what completions earn",
              List.of("ppo.samples-per-prompt")),
          new MethodCard(
              "reinforce++",
              "REINFORCE++",
              "the same, A = rewards from the token on, whitened over the batch",
              "2501.03262",
              "one completion a prompt and no critic",
              "prompts, and what completions earn",
              List.of()),
          new MethodCard(
              "dapo",
              "DAPO",
              "that of GRPO with more room above, over tokens; prompts that teach nothing are sampled anew",
              "2503.14476",
              "long completions with rewards that can be checked",
              "prompts, and what completions earn",
              List.of(
                  "ppo.dynamic-sampling",
                  "ppo.clip-range-high",
                  "ppo.overlong-buffer",
                  "ppo.overlong-penalty")),
          new MethodCard(
              "gspo",
              "GSPO",
              "that of GRPO with the ratio of the whole completion",
              "2507.18071",
              "long completions, models of experts",
              "prompts, and what completions earn",
              List.of("ppo.ratio")),
          new MethodCard(
              "raft",
              "RAFT, rejection sampling",
              "-log pi(y) of the best of the prompt's completions, averaged over tokens",
              "2304.06767",
              "simplicity; a base policy that is sometimes good",
              "prompts, and what completions earn",
              List.of("ppo.samples-per-prompt", "ppo.kl-coef")),
          new MethodCard(
              "online-dpo",
              "Online DPO, iterative DPO",
              "that of dpo.loss, y_c the best and y_r the worst of the prompt's completions",
              "2402.04792; 2312.11456",
              "DPO beyond the responses that were judged",
              "prompts, and what completions earn",
              List.of("ppo.samples-per-prompt", "dpo.beta")));

  /** Direct methods of pairs. */
  static final List<MethodCard> PAIRS =
      List.of(
          new MethodCard(
              "dpo",
              "DPO",
              "-log s(b h)",
              "2305.18290, eq. 7; cDPO where pairs are not sure",
              "a first try",
              "pairs",
              List.of()),
          new MethodCard(
              "robust",
              "Robust DPO",
              "(-(1 - e) log s(b h) + e log s(-b h)) / (1 - 2e)",
              "2403.00409",
              "a known share e of wrong labels, where pairs do not say how sure they are",
              "pairs",
              List.of("dpo.label-smoothing")),
          new MethodCard(
              "hinge",
              "SLiC, RSO",
              "max(0, 1 - b h)",
              "2305.10425; 2309.06657",
              "pairs far on the right side are to teach nothing more",
              "pairs",
              List.of()),
          new MethodCard(
              "ipo",
              "IPO",
              "(rho_c/|y_c| - rho_r/|y_r| - 1/(2b))^2",
              "2310.12036, eq. 17",
              "few pairs or sure labels, on which DPO drifts off",
              "pairs",
              List.of()),
          new MethodCard(
              "exo",
              "EXO",
              "KL from the policy's preference to the label's",
              "2402.00856",
              "mode-seeking where DPO covers",
              "pairs",
              List.of("dpo.label-smoothing")),
          new MethodCard(
              "nca",
              "NCA",
              "-log s(b rho_c) - (log s(-b rho_c) + log s(-b rho_r))/2",
              "2402.05369",
              "chosen responses are to stay likely",
              "pairs",
              List.of()),
          new MethodCard(
              "bco",
              "BCO on pairs",
              "-log s(b rho_c) - log s(-b rho_r)",
              "2404.04656",
              "chosen and rejected judged apart",
              "pairs",
              List.of()),
          new MethodCard(
              "sppo",
              "SPPO",
              "(rho_c - 1/(2b))^2 + (rho_r + 1/(2b))^2",
              "2405.00675",
              "rounds of self-play",
              "pairs",
              List.of()),
          new MethodCard(
              "aot",
              "AOT",
              "-log s(b d), d being the difference of sorted margins of policy and reference",
              "2406.05882",
              "distributions instead of pairs; depends on what is in a micro-batch",
              "pairs",
              List.of("dpo.micro-batch-size")),
          new MethodCard(
              "aot-unpaired",
              "Unpaired AOT",
              "-log s(b d), d being the difference of sorted rho_c and sorted rho_r",
              "2406.05882",
              "the same, where chosen and rejected responses do not belong together",
              "pairs",
              List.of("dpo.micro-batch-size")),
          new MethodCard(
              "apo-zero",
              "APO-zero",
              "1 - s(b rho_c) + s(b rho_r)",
              "2408.06266",
              "data better than the model",
              "pairs",
              List.of()),
          new MethodCard(
              "apo-down",
              "APO-down",
              "s(b rho_c) + 1 - s(b h)",
              "2408.06266",
              "a model better than the data",
              "pairs",
              List.of()),
          new MethodCard(
              "discopop",
              "DiscoPOP",
              "(1 - m)(-log s(b h)) + m e^(-b h), m = s(b h / tau)",
              "2406.08414, eq. 5",
              "another shape of loss, found by search",
              "pairs",
              List.of("dpo.tau")),
          new MethodCard(
              "sigmoid-norm",
              "Length-normalised DPO",
              "-log s(b (rho_c/|y_c| - rho_r/|y_r|))",
              "2405.14734, table 5; 2411.15124",
              "responses of very different length",
              "pairs",
              List.of()),
          new MethodCard(
              "orpo",
              "ORPO",
              "-b log s(log odds_c - log odds_r), and -log pi(y_c)/|y_c|",
              "2403.07691, eq. 7",
              "no reference; straight from a base model",
              "pairs",
              List.of("dpo.sft-coef")),
          new MethodCard(
              "simpo",
              "SimPO",
              "-log s(b (log pi(y_c)/|y_c| - log pi(y_r)/|y_r|) - gamma)",
              "2405.14734, eq. 6",
              "no reference; length does not pay",
              "pairs",
              List.of("dpo.gamma")),
          new MethodCard(
              "cpo",
              "CPO",
              "-log s(b (log pi(y_c) - log pi(y_r))), and -log pi(y_c)/|y_c|",
              "2401.08417",
              "no reference",
              "pairs",
              List.of("dpo.sft-coef")),
          new MethodCard(
              "dpo-forward-kl",
              "DPO, forward KL",
              "-log s(b (f(rho_c) - f(rho_r))), f = -e^(-rho)",
              "2309.16240",
              "what the reference says is to stay likely",
              "pairs",
              List.of("dpo.divergence")),
          new MethodCard(
              "dpo-jensen-shannon",
              "DPO, Jensen-Shannon",
              "the same, f = log s(rho)",
              "2309.16240",
              "between both KLs",
              "pairs",
              List.of("dpo.divergence")),
          new MethodCard(
              "dpo-alpha",
              "DPO, alpha divergence",
              "the same, f = e^((a - 1) rho)/(a - 1)",
              "2309.16240",
              "from the reverse KL (a = 0) to the forward one (1)",
              "pairs",
              List.of("dpo.divergence", "dpo.alpha")),
          new MethodCard(
              "wpo",
              "WPO",
              "w times the loss of DPO, w being how likely the policy would say both responses",
              "2406.11827",
              "pairs that other models wrote",
              "pairs",
              List.of("dpo.weighted")),
          new MethodCard(
              "ld-dpo",
              "LD-DPO",
              "that of DPO, tokens beyond the length of the other response counting less",
              "2409.06411",
              "length is not to pay",
              "pairs",
              List.of("dpo.length-desensitized")),
          new MethodCard(
              "mpo",
              "MPO",
              "sum over m of w_m times the m-th of dpo.losses, and -log pi(y_c)/|y_c|",
              "2411.10442, eq. 1",
              "what one loss lacks and another has",
              "pairs",
              List.of("dpo.losses", "dpo.sft-coef")));

  /** Direct methods of single responses. */
  static final List<MethodCard> RESPONSES =
      List.of(
          new MethodCard(
              "kto",
              "KTO",
              "w_d (1 - s(b (rho - z))) if desirable; w_u (1 - s(b (z - rho))) if not",
              "2402.01306, eq. 8",
              "labels that are noisy or contradict each other; more of one kind than of the other",
              "single responses, or pairs taken apart",
              List.of("dpo.responses", "dpo.desirable-weight", "dpo.undesirable-weight")),
          new MethodCard(
              "bco-unpaired",
              "BCO",
              "-log s(b (rho - z)) if desirable; -log s(-b (rho - z)) if not",
              "2404.04656",
              "the same, with a classifier's loss",
              "single responses, or pairs taken apart",
              List.of("dpo.responses")));

  private MethodCards() {}
}
