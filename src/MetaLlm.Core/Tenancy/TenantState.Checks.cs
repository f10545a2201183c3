namespace MetaLlm.Core.Tenancy;

/// <content>What numbers of events must be.</content>
public sealed partial class TenantState
{
    private static void CheckMeasure(string field, double value)
    {
        if (!(value >= 0) || !double.IsFinite(value))
        {
            throw new ArgumentException($"{field} is {value}; it must be finite and at least 0.", field);
        }
    }

    private static void CheckWeight(string field, double weight)
    {
        if (!(weight > 0 && weight <= 1))
        {
            throw new ArgumentException($"{field} is {weight}; it must be above 0 and at most 1.", field);
        }
    }

    private static void CheckReward(string field, double reward)
    {
        if (!(reward >= 0 && reward <= 1))
        {
            throw new ArgumentException($"{field} is {reward}; it must be 0 to 1.", field);
        }
    }
}
