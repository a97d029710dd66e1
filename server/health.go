package server

import (
	"context"

	"google.golang.org/grpc/health/grpc_health_v1"
)

// health answers grpc.health.v1 for the server as a whole and for each service alike. Watch is not offered, which the protocol allows.
type health struct {
	grpc_health_v1.UnimplementedHealthServer
	ready func() error
}

func (h health) Check(context.Context, *grpc_health_v1.HealthCheckRequest) (*grpc_health_v1.HealthCheckResponse, error) {
	if h.ready() != nil {
		return &grpc_health_v1.HealthCheckResponse{Status: grpc_health_v1.HealthCheckResponse_NOT_SERVING}, nil
	}
	return &grpc_health_v1.HealthCheckResponse{Status: grpc_health_v1.HealthCheckResponse_SERVING}, nil
}
