using MetaLlm.Core.Arms;
using MetaLlm.Core.Bandits;
using MetaLlm.Core.Features;
using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Tenancy;

/// <summary>Cards of models: what an operator expects of them, as the policy reads it.</summary>
public sealed partial class TenantState
{
    private const string CardsSection = "cards";

    private static bool HasCards(TenantConfiguration configuration) => configuration.Arms.Any(arm => arm.Card is not null);

    // Tasks that cards name get their slots at once, so that the first request of a task finds its slot known.
    private void SetCards(TenantConfiguration configuration)
    {
        var slots = configuration.Parts.HasFlag(ContextParts.Task) ? TaskVocabulary.Slots : 0;
        _policy!.SetCards([.. configuration.Arms.Select(arm => arm.Card is { } card ? Read(card, slots) : null)]);
    }

    private CardPrior Read(ModelCard card, int slots)
    {
        var turns = new double[slots];
        foreach (var (task, mean) in card.ByTask)
        {
            if (slots > 0 && _features.Tasks.Reserve(task) is { } slot)
            {
                turns[slot] = mean - card.Level;
            }
        }

        return new CardPrior(card.Weight, card.Level, turns);
    }

    private static void WriteCards(StateWriter writer, TenantConfiguration configuration)
    {
        writer.Section(CardsSection);
        foreach (var arm in configuration.Arms)
        {
            writer.Bool(arm.Card is not null);
            if (arm.Card is { } card)
            {
                writer.Double(card.Weight);
                writer.Double(card.Quality ?? double.NaN);
                writer.Int(card.ByTask.Count);
                foreach (var (task, mean) in card.ByTask)
                {
                    writer.Text(task);
                    writer.Double(mean);
                }
            }
        }
    }

    // What the policy makes of them is part of its own state.
    private void ReadCards(ref StateReader reader)
    {
        var arms = Configuration!.Arms.ToArray();
        for (var a = 0; a < arms.Length; a++)
        {
            if (reader.Bool())
            {
                var (weight, quality) = (reader.Double(), reader.Double());
                var tasks = new Dictionary<string, double>(StringComparer.Ordinal);
                for (var left = reader.Int(); left > 0; left--)
                {
                    tasks[reader.Text()] = reader.Double();
                }

                arms[a] = arms[a] with { Card = new ModelCard { Weight = weight, Quality = double.IsNaN(quality) ? null : quality, ByTask = tasks } };
            }
        }

        Configuration = Configuration with { Arms = arms };
    }
}
