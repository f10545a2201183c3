using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Configuration;

namespace MetaLlm.Gateway.Configuration;

/// <summary>What a completed request has earned for which no feedback came in time. Feedback that comes later corrects it.</summary>
public sealed class MissingRewardSettings
{
    private static readonly TimeSpan StandardWait = TimeSpan.FromDays(1);

    /// <summary>Where the reward comes from.</summary>
    public SilenceMode Mode { get; init; }

    /// <summary>The reward, for mode <c>value</c>, which needs it.</summary>
    [Range(0.0, 1.0)]
    public double? Value { get; init; }

    /// <summary>How long after the request feedback may come; not for mode <c>ignore</c>.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "90.00:00:00"), DefaultValue(86_400)]
    public TimeSpan? After { get; init; }

    /// <summary>How much the reward counts; not for mode <c>ignore</c>.</summary>
    [Range(0.0, 1.0, MinimumIsExclusive = true), DefaultValue("1 for mode `value`, 0.1 for mode `impute`")]
    public double? Weight { get; init; }

    internal MissingReward? ToMissingReward(SettingsErrors errors)
    {
        switch (Mode)
        {
            case SilenceMode.Ignore when Value is not null || After is not null || Weight is not null:
                errors.Add("mode", "is 'ignore', which takes no value, afterSeconds or weight; 'value' and 'impute' do.");
                return null;
            case SilenceMode.Impute when Value is not null:
                errors.Add("value", "belongs to mode 'value'; 'impute' predicts the reward.");
                return null;
            case SilenceMode.Impute:
                return new MissingReward { Mode = MissingRewardMode.Impute, After = After ?? StandardWait, Weight = Weight ?? MissingReward.ImputedWeight };
            case SilenceMode.Value when Value is null:
                errors.Add("value", "is missing; it must be a number from 0 to 1.");
                return null;
            case SilenceMode.Value:
                return new MissingReward { Value = Value.Value, After = After ?? StandardWait, Weight = Weight ?? 1 };
            default:
                return null;
        }
    }
}
